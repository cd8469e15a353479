/** What the browser keeps of a reader's work: their guesses and their last run of each lesson, until they erase it. */
import { type UseStore, clear, createStore, get, update, values } from 'idb-keyval'
import type { ModelIdentity } from './agreement'
import type { Guess } from './define_lesson'
import type { LessonResult } from '../engine/engine'

/** null: skipped. */
export type Guesses = Record<string, Guess | null>

export interface KeptRun {
  result: LessonResult
  /** null: of a simulation. */
  model: ModelIdentity | null
  /** What made it: see LessonFacts. A page of another core cannot draw it. */
  engine: string
}

export interface KeptLesson {
  guesses?: Guesses
  run?: KeptRun
}

let opened: UseStore | null = null

function store(): UseStore {
  opened ??= createStore('soi', 'lessons')
  return opened
}

/** Empty where nothing is kept, or storage is off. A run of another engine is none. */
export async function readKept(slug: string, engine: string): Promise<KeptLesson> {
  try {
    return usable(await get<KeptLesson>(slug, store()), engine)
  } catch {
    return {}
  }
}

function usable({ guesses, run }: KeptLesson = {}, engine: string): KeptLesson {
  return { ...(guesses && { guesses }), ...(run?.engine === engine && { run }) }
}

/** Storage that is off or full is no fault of the page: the work then lasts as long as the page. */
export async function keep(slug: string, engine: string, changes: KeptLesson): Promise<void> {
  try {
    await update<KeptLesson>(slug, (kept) => ({ ...usable(kept, engine), ...changes }), store())
  } catch {
    // Nothing is lost but the memory of it.
  }
}

export async function keptLessons(): Promise<KeptLesson[]> {
  try {
    return await values<KeptLesson>(store())
  } catch {
    return []
  }
}

export async function eraseLessons(): Promise<void> {
  await clear(store())
}

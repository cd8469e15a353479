/** What the browser keeps of a reader's work: their guesses and their last run of each lesson, until they erase it. */
import { type UseStore, clear, createStore, get, set, values } from 'idb-keyval'
import type { Guess } from './define_lesson'
import type { LessonResult } from '../engine/engine'

/** null: skipped. */
export type Guesses = Record<string, Guess | null>

export interface KeptLesson {
  guesses?: Guesses
  result?: LessonResult
}

let opened: UseStore | null = null

function store(): UseStore {
  opened ??= createStore('soi', 'lessons')
  return opened
}

/** Empty where nothing is kept, or storage is off. */
export async function readKept(slug: string): Promise<KeptLesson> {
  try {
    return (await get<KeptLesson>(slug, store())) ?? {}
  } catch {
    return {}
  }
}

/** Storage that is off or full is no fault of the page: the work then lasts as long as the page. */
export async function keep(slug: string, changes: KeptLesson): Promise<void> {
  try {
    await set(slug, { ...(await readKept(slug)), ...changes }, store())
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

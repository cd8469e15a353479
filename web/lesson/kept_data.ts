/** All that the site keeps on the reader's machine: what it is, how large, and its end. */
import { type KeptModel, forgetModels, listKept } from '../models/kept_models'
import { copySize, eraseCopy, siteRoot } from '../page/site_copy'
import { type KeptLesson, eraseLessons, keptLessons } from './kept_work'

export interface KeptData {
  lessons: { count: number; bytes: number }
  models: KeptModel[]
  /** Bytes of the site's own copy, for when there is no network. */
  copy: number
}

export async function listKeptData(): Promise<KeptData> {
  const lessons = await keptLessons()
  return {
    lessons: { count: lessons.length, bytes: lessons.reduce((bytes, lesson) => bytes + sizeOf(lesson), 0) },
    models: await listKept().catch(() => []),
    copy: await copySize(siteRoot()).catch(() => 0),
  }
}

/** Erases what it can, then rejects where something was refused. */
export async function eraseKeptData(): Promise<void> {
  const works = [eraseLessons(), forgetModels(), eraseCopy(siteRoot()), Promise.resolve().then(eraseChoices)]
  const failed = (await Promise.allSettled(works)).find(({ status }) => status === 'rejected')
  if (failed) throw (failed as PromiseRejectedResult).reason
}

/** Light or dark, and marks of this tab. Other sites of the same host keep theirs. */
function eraseChoices(): void {
  for (const storage of [localStorage, sessionStorage]) {
    for (const key of Object.keys(storage)) if (key.startsWith('soi-')) storage.removeItem(key)
  }
}

function sizeOf({ guesses, run }: KeptLesson): number {
  const { arrays, ...rest } = run?.result ?? { arrays: new Map<string, { values: Float32Array }>() }
  const numbers = [...arrays.values()].reduce((bytes, { values }) => bytes + values.byteLength, 0)
  return numbers + new Blob([JSON.stringify([guesses, rest])]).size
}

/**
 * Each lesson's experiment, run at build time with its default settings on the model that comes with the site. Results are
 * kept in a folder of the build, by what they depend on: the core (which holds the lessons' data) and the model.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import type { Client } from '../engine/client'
import { bytesBlob, createNodeEngine } from '../engine/node_engine'
import type { LessonResult, LessonSpec } from '../engine/engine'
import type { ModelIdentity } from '../lesson/agreement'
import { RunFileError, readRunFile, writeRunFile } from '../lesson/run_file'
import { initialSettings } from '../lesson/settings'
import { demoName } from '../models/model_source'
import { previewCheckpoint } from '../models/preview'

export interface PrecomputePaths {
  /** Holds soi.js and soi.wasm of the build with SIMD and threads; the numbers are those of one thread. */
  core: string
  /** The demo model's files. */
  demo: string
  /** Where results are kept. */
  cache: string
}

export class PrecomputedResults {
  readonly #paths: PrecomputePaths
  #engine: Promise<Client> | null = null
  #withModel: Promise<Client> | null = null
  #key: Promise<string> | null = null

  constructor(paths: PrecomputePaths) {
    this.#paths = paths
  }

  async specOf(experiment: string): Promise<LessonSpec> {
    const specs = await (await this.#start()).lessons()
    const found = specs.find(({ name }) => name === experiment)
    if (!found) throw new Error(`no experiment ${experiment}; there are ${specs.map(({ name }) => name).join(', ')}`)
    return found
  }

  async resultOf(spec: LessonSpec): Promise<LessonResult> {
    const { cache } = this.#paths
    const file = `${cache}/${spec.name}-${await this.engine()}.json`
    const kept = await readKept(file, spec)
    if (kept) return kept
    const engine = spec.needs_model ? await this.#load() : await this.#start()
    const { protocol, seed } = initialSettings
    const result = await engine.runLesson({ name: spec.name, protocol, seed, settings: {} })
    await mkdir(cache, { recursive: true })
    // Whole or not at all: another checkout may look for it now.
    await writeFile(`${file}.${process.pid}`, writeRunFile({ result, model: null }))
    await rename(`${file}.${process.pid}`, file)
    return result
  }

  /** The site's own model, as the engine tells it. */
  async demo(): Promise<ModelIdentity> {
    const preview = await previewCheckpoint(new Blob([await readFile(`${this.#paths.demo}/model.safetensors`)]))
    if (!preview) throw new Error(`${this.#paths.demo}/model.safetensors is no GPT-2`)
    return { name: demoName, fileBytes: preview.fileBytes, format: preview.defaultFormat }
  }

  close(): void {
    void this.#engine?.then((engine) => engine.close())
  }

  #start(): Promise<Client> {
    this.#engine ??= createNodeEngine(this.#paths.core, 'simd-threads', availableParallelism())
    return this.#engine
  }

  #load(): Promise<Client> {
    this.#withModel ??= (async () => {
      const engine = await this.#start()
      const { demo } = this.#paths
      const configJson = await readFile(`${demo}/config.json`, 'utf8')
      await engine.loadModel(bytesBlob(await readFile(`${demo}/model.safetensors`)), { name: demoName, configJson })
      return engine
    })()
    return this.#withModel
  }

  /** Names what results depend on: another core, or another model, has another name. */
  engine(): Promise<string> {
    this.#key ??= (async () => {
      const { core, demo } = this.#paths
      const hash = createHash('sha256')
      for (const file of [`${core}/soi.wasm`, `${demo}/model.safetensors`, `${demo}/config.json`]) hash.update(await readFile(file))
      return hash.digest('hex').slice(0, 16)
    })()
    return this.#key
  }
}

/** null: there is none, or none that can be read any more. */
async function readKept(file: string, spec: LessonSpec): Promise<LessonResult | null> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return readRunFile(text, spec).result
  } catch (error) {
    if (error instanceof RunFileError) return null
    throw error
  }
}

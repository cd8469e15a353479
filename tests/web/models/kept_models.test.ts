import { beforeEach, describe, expect, it, vi } from 'vitest'
import { forgetModel, keepModel, listKept, openKept } from '../../../web/models/kept_models'

/** A file of the browser's own file system: what was written counts once it is closed. */
class FakeFile {
  readonly kind = 'file'
  #content = new Blob([])

  constructor(private readonly disk: FakeDisk) {}

  getFile = () => Promise.resolve(this.#content)

  createWritable() {
    const chunks: Uint8Array<ArrayBuffer>[] = []
    const writable = new WritableStream<Uint8Array<ArrayBuffer>>({
      write: (chunk) => {
        this.disk.room -= chunk.length
        if (this.disk.room < 0) throw new DOMException('', 'QuotaExceededError')
        chunks.push(chunk)
      },
      close: () => void (this.#content = new Blob(chunks)),
    })
    return Promise.resolve(writable)
  }
}

class FakeFolder {
  readonly kind = 'directory'
  readonly entries = new Map<string, FakeFile | FakeFolder>()

  constructor(private readonly disk: FakeDisk) {}

  #get<Entry extends FakeFile | FakeFolder>(name: string, create: boolean | undefined, make: () => Entry): Promise<Entry> {
    const entry = this.entries.get(name) ?? (create ? make() : undefined)
    if (entry === undefined) return Promise.reject(new DOMException('', 'NotFoundError'))
    this.entries.set(name, entry)
    return Promise.resolve(entry as Entry)
  }

  getFileHandle = (name: string, { create }: { create?: boolean } = {}) => this.#get(name, create, () => new FakeFile(this.disk))
  getDirectoryHandle = (name: string, { create }: { create?: boolean } = {}) => this.#get(name, create, () => new FakeFolder(this.disk))
  removeEntry = (name: string) => Promise.resolve(void this.entries.delete(name))

  async *[Symbol.asyncIterator]() {
    for (const entry of this.entries) yield await Promise.resolve(entry)
  }
}

interface FakeDisk {
  room: number
}

let disk: FakeDisk
let root: FakeFolder

const model = (text: string, configJson?: string) => ({
  name: 'model.safetensors',
  file: new Blob([text]),
  ...(configJson !== undefined && { configJson }),
})

async function opened(name: string): Promise<[string, string | undefined]> {
  const { file, configJson } = await openKept(name)
  return [await file.text(), configJson]
}

beforeEach(() => {
  disk = { room: 1000 }
  root = new FakeFolder(disk)
  vi.stubGlobal('FileSystemFileHandle', FakeFile)
  vi.stubGlobal('navigator', {
    storage: { getDirectory: () => Promise.resolve(root), estimate: () => Promise.resolve({}), persist: () => Promise.resolve(true) },
  })
})

describe('a checkpoint that is kept', () => {
  it('comes back with its configuration', async () => {
    expect(await keepModel(model('weights', '{"n_head":4}'))).toBe('model.safetensors')
    expect(await listKept()).toEqual([{ name: 'model.safetensors', bytes: 7 }])
    expect(await opened('model.safetensors')).toEqual(['weights', '{"n_head":4}'])
  })

  it('leaves another of the same name as it was', async () => {
    await keepModel(model('first', '{"n_head":4}'))
    expect(await keepModel(model('second'))).toBe('model (2).safetensors')
    expect(await keepModel(model('third'))).toBe('model (3).safetensors')
    expect(await opened('model.safetensors')).toEqual(['first', '{"n_head":4}'])
    expect(await opened('model (2).safetensors')).toEqual(['second', undefined])
    await forgetModel('model (2).safetensors')
    expect((await listKept()).map(({ name }) => name)).toEqual(['model (3).safetensors', 'model.safetensors'])
  })

  it('is no checkpoint where the page was closed in the midst of writing', async () => {
    const checkpoints = await root.getDirectoryHandle('checkpoints', { create: true })
    const unfinished = await (checkpoints).getDirectoryHandle('model.safetensors', { create: true })
    await (unfinished).getFileHandle('model.safetensors', { create: true })
    expect(await listKept()).toEqual([])
  })

  it.each([
    ['has no room', () => (disk.room = 3), {}, 'out_of_memory'],
    ['is stopped', () => undefined, { signal: AbortSignal.abort() }, 'cancelled'],
  ])('and then %s takes nothing else with it', async (_, prepare, options, code) => {
    await keepModel(model('first'))
    prepare()
    await expect(keepModel(model('second'), options)).rejects.toMatchObject({ code })
    expect(await listKept()).toEqual([{ name: 'model.safetensors', bytes: 5 }])
    expect(await opened('model.safetensors')).toEqual(['first', undefined])
  })
})

/**
 * What a checkpoint's header tells before it is loaded: sizes, number format, and the memory that each format would
 * take. Only for show: whether the file is usable, the core decides.
 */
import type { NumberFormat } from '../engine/engine'

export interface CheckpointPreview {
  fileBytes: number
  nLayers: number
  dModel: number
  nCtx: number
  /** Numbers in all tensors that the model uses. */
  parameters: number
  /** Data types of the matrices, as safetensors names them. */
  dtypes: string[]
  /** How matrices are held unless another format is wished. */
  defaultFormat: NumberFormat
  /** Bytes of the weights in memory. */
  weightBytes: Record<NumberFormat, number>
}

interface HeaderEntry {
  dtype: string
  shape: number[]
}

// GPT-2 XL's header has 60 kB.
const longestHeader = 4_000_000
const bytesOf: Record<NumberFormat, number> = { f32: 4, f16: 2, int8: 1 }

/** null where the header is not that of a GPT-2. */
export async function previewCheckpoint(file: Blob): Promise<CheckpointPreview | null> {
  const header = await readHeader(file)
  if (!header) return null
  const tensors = new Map<string, HeaderEntry>()
  for (const [name, entry] of Object.entries(header)) {
    const plain = name.replace(/^transformer\./, '')
    if (isEntry(entry) && isUsed(plain)) tensors.set(plain, entry)
  }
  const embedding = tensors.get('wte.weight')?.shape
  const positions = tensors.get('wpe.weight')?.shape
  if (embedding?.length !== 2 || positions?.length !== 2) return null
  return summarise(file.size, [...tensors], embedding, positions)
}

function summarise(
  fileBytes: number,
  tensors: [string, HeaderEntry][],
  embedding: number[],
  positions: number[],
): CheckpointPreview {
  const numbersOf = ({ shape }: HeaderEntry) => shape.reduce((product, size) => product * size, 1)
  const matrices = tensors.map(([, entry]) => entry).filter(({ shape }) => shape.length === 2)
  const vectors = tensors.filter(([name, { shape }]) => shape.length === 1 && !name.endsWith('.scale'))
  const inMatrices = matrices.reduce((sum, entry) => sum + numbersOf(entry), 0)
  const inVectors = vectors.reduce((sum, [, entry]) => sum + numbersOf(entry), 0)
  const scales = matrices.reduce((sum, { shape }) => sum + Math.max(...shape), 0)
  const weightBytes = (format: NumberFormat) =>
    inMatrices * bytesOf[format] + 4 * inVectors + (format === 'int8' ? 4 * scales : 0)
  const blocks = tensors.map(([name]) => Number(/^h\.(\d+)\./.exec(name)?.[1] ?? -1))
  const dtypes = [...new Set(matrices.map(({ dtype }) => dtype))]
  return {
    fileBytes,
    nLayers: Math.max(...blocks) + 1,
    dModel: embedding[1] ?? 0,
    nCtx: positions[0] ?? 0,
    parameters: inMatrices + inVectors,
    dtypes,
    defaultFormat: dtypes.includes('I8') ? 'int8' : 'f32',
    weightBytes: { f32: weightBytes('f32'), f16: weightBytes('f16'), int8: weightBytes('int8') },
  }
}

/** The causal mask and a tied output matrix are in some files; the model has no use for them. */
function isUsed(name: string): boolean {
  return name !== 'lm_head.weight' && !/\.attn\.(masked_)?bias$/.test(name)
}

function isEntry(entry: unknown): entry is HeaderEntry {
  return typeof entry === 'object' && entry !== null && 'dtype' in entry && 'shape' in entry && Array.isArray(entry.shape)
}

async function readHeader(file: Blob): Promise<object | null> {
  try {
    const length = Number(new DataView(await file.slice(0, 8).arrayBuffer()).getBigUint64(0, true))
    if (length > Math.min(longestHeader, file.size - 8)) return null
    const header: unknown = JSON.parse(await file.slice(8, 8 + length).text())
    return typeof header === 'object' ? header : null
  } catch {
    return null
  }
}

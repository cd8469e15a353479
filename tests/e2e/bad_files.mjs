// Files that a user may pick by mistake, made when the tests run. Each says which error the page must show.
//
//   node tests/e2e/bad_files.mjs OUT_DIR      writes them, for trying them by hand

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { argv } from 'node:process'
import { pathToFileURL } from 'node:url'

const width = 64 // one head of 64: no config.json is needed
const sizes = { layers: 1, context: 4, vocabulary: 8 }

/** The tensors of a small GPT-2: name -> shape. */
function gpt2Shapes() {
  const shapes = { 'wte.weight': [sizes.vocabulary, width], 'wpe.weight': [sizes.context, width] }
  const addLinear = (name, inputs, outputs) => {
    shapes[`${name}.weight`] = [inputs, outputs]
    shapes[`${name}.bias`] = [outputs]
  }
  const addLayerNorm = (name) => {
    shapes[`${name}.weight`] = [width]
    shapes[`${name}.bias`] = [width]
  }
  for (let layer = 0; layer < sizes.layers; layer++) {
    addLayerNorm(`h.${layer}.ln_1`)
    addLinear(`h.${layer}.attn.c_attn`, width, 3 * width)
    addLinear(`h.${layer}.attn.c_proj`, width, width)
    addLayerNorm(`h.${layer}.ln_2`)
    addLinear(`h.${layer}.mlp.c_fc`, width, 4 * width)
    addLinear(`h.${layer}.mlp.c_proj`, 4 * width, width)
  }
  addLayerNorm('ln_f')
  return shapes
}

/** A .safetensors file: 8 bytes of header length, the header's JSON, the data. */
function encode(header, data) {
  const json = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json, data])
}

/** float32 tensors of these shapes, all 0.01, one after another; `change(header, data)` spoils them. */
function encodeShapes(shapes, change = () => {}) {
  const header = {}
  let end = 0
  for (const [name, shape] of Object.entries(shapes)) {
    const begin = end
    end += 4 * shape.reduce((product, size) => product * size, 1)
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] }
  }
  const data = Buffer.from(new Float32Array(end / 4).fill(0.01).buffer)
  change(header, data)
  return encode(header, data)
}

function encodeGpt2(change) {
  return encodeShapes(gpt2Shapes(), change)
}

function withoutTensor(name) {
  const shapes = gpt2Shapes()
  delete shapes[name]
  return encodeShapes(shapes)
}

/** Names and shapes of a BERT, which is a valid file but no GPT-2. */
function encodeBert() {
  const layer = 'encoder.layer.0.attention.self'
  return encodeShapes({
    'embeddings.word_embeddings.weight': [sizes.vocabulary, width],
    'embeddings.position_embeddings.weight': [sizes.context, width],
    [`${layer}.query.weight`]: [width, width],
    [`${layer}.query.bias`]: [width],
    'pooler.dense.weight': [width, width],
  })
}

/** @returns {{ name: string, errorCode: string, bytes: Buffer }[]} */
export function badFiles() {
  const whole = encodeGpt2()
  const headerBytes = 8 + Number(whole.readBigUInt64LE(0))
  return [
    { name: 'zero-byte', errorCode: 'file_empty', bytes: Buffer.alloc(0) },
    { name: 'truncated-header', errorCode: 'safetensors_truncated', bytes: whole.subarray(0, headerBytes - 10) },
    { name: 'truncated-data', errorCode: 'safetensors_truncated', bytes: whole.subarray(0, whole.length - 10) },
    {
      name: 'trailing-bytes',
      errorCode: 'safetensors_trailing',
      bytes: Buffer.concat([whole, Buffer.from('trailing')]),
    },
    {
      name: 'not-safetensors',
      errorCode: 'safetensors_header',
      bytes: Buffer.from('%PDF-1.7: this is a document, not a model.\n'.repeat(20)),
    },
    {
      name: 'overlapping',
      errorCode: 'safetensors_offsets',
      bytes: encodeGpt2((header) => {
        header['wpe.weight'].data_offsets = header['wpe.weight'].data_offsets.map((offset) => offset - 4)
      }),
    },
    { name: 'bert-like', errorCode: 'not_gpt2', bytes: encodeBert() },
    { name: 'missing-tensor', errorCode: 'tensor_missing', bytes: withoutTensor('h.0.mlp.c_proj.weight') },
    {
      name: 'wrong-shape',
      errorCode: 'tensor_shape',
      bytes: encodeGpt2((header) => {
        header['h.0.attn.c_proj.weight'].shape = [width / 2, 2 * width]
      }),
    },
    {
      name: 'integer-weights',
      errorCode: 'tensor_dtype',
      bytes: encodeGpt2((header) => {
        header['h.0.ln_1.weight'].dtype = 'I32'
      }),
    },
    {
      name: 'not-a-number',
      errorCode: 'tensor_not_finite',
      bytes: encodeGpt2((header, data) => {
        data.writeFloatLE(NaN, header['h.0.mlp.c_fc.weight'].data_offsets[0] + 400)
      }),
    },
  ]
}

function main() {
  const outDir = argv[2]
  if (outDir === undefined) throw new Error('usage: node bad_files.mjs OUT_DIR')
  mkdirSync(outDir, { recursive: true })
  for (const { name, bytes } of badFiles()) writeFileSync(join(outDir, `${name}.safetensors`), bytes)
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) main()

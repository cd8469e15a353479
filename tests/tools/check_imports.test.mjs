import { describe, expect, test } from 'vitest'
import { findViolations, importsOf, roomOf } from '../../tools/check_imports/imports.mjs'

const check = (file, text) => findViolations([[file, text]])

describe('the direction of imports', () => {
  test('a tree that keeps to it has no violation', () => {
    const sources = [
      ['core/kernels/gemm.cpp', '#include "core/kernels/gemm.h"\n#include "core/tensor/tensor.h"\n#include <vector>\n'],
      ['core/model/gpt2.cpp', '#include "core/weights/config.h"\n'],
      ['wasm/session.cpp', '#include "core/experiments/experiment.h"\n'],
      ['web/page/shell.ts', "import { html } from 'lit'\nimport type { Engine } from '../engine/engine'\n"],
      ['lessons/01-a/lesson.ts', "import { plot } from '../../web/plots/heat_map'\nimport './controls'\n"],
    ]
    expect(findViolations(sources)).toEqual([])
  })

  test.each([
    ['core/kernels/gemm.cpp', '#include "core/model/gpt2.h"', 'core/kernels may not import core/model'],
    ['core/tokenizer/bpe.h', '  #  include "core/weights/config.h"', 'core/tokenizer may not import core/weights'],
    ['core/model/gpt2.cpp', '#include "wasm/session.h"', 'core/model may not import wasm'],
    ['web/plots/heat_map.ts', "import type { Engine } from '../engine/engine'", 'web/plots may not import web/engine'],
    ['web/page/site.ts', "export { x } from '../plots/bars'", 'web/page may not import web/plots'],
    ['web/engine/client.ts', "const page = await import('../page/site')", 'web/engine may not import web/page'],
    ['web/engine/client.ts', "new Worker(new URL('../models/store.ts', import.meta.url))", 'web/engine may not import web/models'],
    ['web/page/site.ts', "import {\n  a,\n  b,\n} from '../../lessons/01-a/lesson'", 'web/page may not import lessons'],
    ['lessons/01-a/lesson.ts', "import { x } from '../02-b/lesson'", 'lessons never import each other'],
    ['core/utils/strings.h', '', 'there is no utils'],
    ['web/page/utils.ts', '', 'there is no utils'],
    ['core/shiny/new.cpp', '', 'in no room'],
    ['core/tensor/tensor.cpp', '#include "somewhere/else.h"', 'which is in no room'],
  ])('%s: %s', (file, text, message) => {
    expect(check(file, text).join('\n')).toContain(message)
  })

  test('the innermost folder is the room', () => {
    expect(roomOf('web/engine/worker.ts')).toBe('web/engine')
    expect(roomOf('web/san-choi/playground.ts')).toBe('web')
  })

  test('an include without a folder is of the same folder', () => {
    expect(importsOf('core/kernels/gemm.cpp', '#include "tile.h"')).toEqual(['core/kernels/tile.h'])
  })
})

import { describe, expect, it } from 'vitest'
import { chooseFiles, openModel } from '../../../web/models/model_source'

const file = (name: string, text = '') => new File([text], name)

describe('choosing files', () => {
  it('takes the checkpoint, and the configuration that came with it', () => {
    const model = file('Model.SAFETENSORS')
    const config = file('config.json')
    expect(chooseFiles([config, model])).toEqual({ source: { kind: 'file', file: model, config } })
    expect(chooseFiles([model])).toEqual({ source: { kind: 'file', file: model, config: undefined } })
  })

  it('says what is wrong with the choice', () => {
    expect(chooseFiles([])).toEqual({ problem: 'none' })
    expect(chooseFiles([file('pytorch_model.bin')])).toEqual({ problem: 'none' })
    expect(chooseFiles([file('a.safetensors'), file('b.safetensors')])).toEqual({ problem: 'several' })
  })
})

describe('opening a file', () => {
  it('gives its name, its bytes and the text of its configuration', async () => {
    const model = file('gpt2.safetensors', 'weights')
    const opened = await openModel({ kind: 'file', file: model, config: file('config.json', '{"n_head":4}') })
    expect(opened).toEqual({ name: 'gpt2.safetensors', file: model, configJson: '{"n_head":4}' })
  })
})

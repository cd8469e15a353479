/** Fills a lesson's code.py with the reader's values. */
import type { Setting } from '../engine/engine'
import { loadGpt2 } from './load_gpt2'

/** `{{load_gpt2}}` becomes the lines that load a model, as `model` and `tokenizer`. Throws where the template names what there is not. */
export function fillCode(template: string, values: Readonly<Record<string, Setting>>): string {
  return template.replace('{{load_gpt2}}\n', () => loadGpt2).replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`code.py: no parameter ${whole}`)
    return pythonLiteral(value)
  })
}

export function pythonLiteral(value: Setting): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return String(value)
  if (value.includes('\n')) {
    const text = value.replaceAll('\\', '\\\\').replaceAll('"""', '\\"\\"\\"')
    // A quote right before the closing ones would run into them.
    return `"""${text.endsWith('"') ? `${text.slice(0, -1)}\\"` : text}"""`
  }
  const text = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
  return `"${text}"`
}

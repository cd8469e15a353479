// @vitest-environment happy-dom
import { render } from 'lit'
import { expect, it } from 'vitest'
import { keepWords, keptText } from '../../../web/page/kept_words'

it.each([
  ['Mô hình GPT-2 có', 'Mô hình <span class="kept">GPT-2</span> có'],
  ['soi-demo, (Top-K)', '<span class="kept">soi-demo</span>, (<span class="kept">Top-K</span>)'],
  ['3.072 nơ-ron.', '3.072 <span class="kept">nơ-ron</span>.'],
  ['12 % số', '12\u00a0% số'],
  ['models/soi-demo-2/sae-simulation', 'models/soi-demo-2/sae-simulation'],
  ['khối 1–12, a - b, &quot;-&quot;', 'khối 1–12, a - b, &quot;-&quot;'],
])('lines do not divide the names in "%s"', (text, html) => {
  expect(keepWords(text)).toBe(html)
  const [drawn, expected] = [document.createElement('p'), document.createElement('p')]
  render(keptText(text.replaceAll('&quot;', '"')), drawn)
  expected.innerHTML = html
  expect(drawn.textContent).toBe(expected.textContent)
  expect(drawn.querySelectorAll('.kept')).toHaveLength(expected.querySelectorAll('.kept').length)
})

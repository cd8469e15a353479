/** What no line may end in. */

/** GPT-2, soi-demo, nơ-ron: the parts of a short name stay together. */
const shortName = /(?<![\p{L}\p{N}-])[\p{L}\p{N}]{1,4}-[\p{L}\p{N}]{1,4}(?![\p{L}\p{N}-])/gu

/** Text as HTML (`escaped`: without tags), with no line end inside a short name or between a number and its percent sign. */
export function keepWords(escaped: string): string {
  return escaped.replaceAll(' %', '\u00a0%').replace(shortName, '<span class="kept">$&</span>')
}

/** Light, dark, or as the system has it; kept in this browser. public/theme.js applies it before the first paint. */
import { LitElement, html } from 'lit'
import { themeStrings } from './strings/shell'

const themes = ['system', 'light', 'dark'] as const
type Theme = (typeof themes)[number]

const storageKey = 'soi-theme'

function currentTheme(): Theme {
  const theme = document.documentElement.dataset.theme
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

function showTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  document.dispatchEvent(new CustomEvent('soi-theme'))
}

function chooseTheme(theme: Theme): void {
  showTheme(theme)
  try {
    localStorage.setItem(storageKey, theme)
  } catch {
    // Storage is off: the choice lasts as long as the page.
  }
}

// Canvases are drawn in plain colours: paper gets the light ones.
window.addEventListener('beforeprint', () => {
  const theme = currentTheme()
  showTheme('light')
  window.addEventListener('afterprint', () => showTheme(theme), { once: true })
})

export class ThemeSwitch extends LitElement {
  override createRenderRoot() {
    return this
  }

  override render() {
    return html`<label class="theme-switch">
      <span>${themeStrings.label}</span>
      <select @change=${this.#choose}>
        ${themes.map(
          (theme) => html`<option value=${theme} ?selected=${theme === currentTheme()}>${themeStrings[theme]}</option>`,
        )}
      </select>
    </label>`
  }

  #choose = (event: Event) => {
    chooseTheme((event.target as HTMLSelectElement).value as Theme)
  }
}

customElements.define('soi-theme-switch', ThemeSwitch)

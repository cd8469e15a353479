/** Reasons for which a drawing must be made again though its data stay: its width, the theme's colours. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'

/** Updates the host when its own width changes; 0 until it is known. */
export class WidthController implements ReactiveController {
  width = 0
  readonly #observer: ResizeObserver

  constructor(private readonly host: ReactiveControllerHost & HTMLElement) {
    this.#observer = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0)
      if (width === this.width) return
      this.width = width
      host.requestUpdate()
    })
    host.addController(this)
  }

  hostConnected() {
    this.#observer.observe(this.host)
  }

  hostDisconnected() {
    this.#observer.disconnect()
  }
}

/** Updates the host when the page's colours change. Only for what is drawn in plain colours. */
export class ThemeController implements ReactiveController {
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)')
  readonly #update: () => void

  constructor(host: ReactiveControllerHost) {
    this.#update = () => host.requestUpdate()
    host.addController(this)
  }

  hostConnected() {
    this.#scheme.addEventListener('change', this.#update)
    document.addEventListener('soi-theme', this.#update)
  }

  hostDisconnected() {
    this.#scheme.removeEventListener('change', this.#update)
    document.removeEventListener('soi-theme', this.#update)
  }
}

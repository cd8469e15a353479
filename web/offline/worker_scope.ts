/** The part of the service worker's global object that is used here: TypeScript's DOM library leaves it out. */

export interface LongEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}

export interface FetchEvent extends LongEvent {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}

export interface LongMessageEvent extends LongEvent {
  readonly data: unknown
}

interface Events {
  install: LongEvent
  activate: LongEvent
  fetch: FetchEvent
  message: LongMessageEvent
}

export interface WorkerScope {
  readonly registration: ServiceWorkerRegistration
  readonly clients: {
    claim(): Promise<void>
    matchAll(options: { type: 'window'; includeUncontrolled: boolean }): Promise<readonly { url: string }[]>
  }
  skipWaiting(): Promise<void>
  addEventListener<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): void
}

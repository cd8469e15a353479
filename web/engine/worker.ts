/** The worker's entry: a Server over this thread's messages, reading files where a worker may, synchronously. */
import type { ReadSlice } from './module'
import type { ToWorker } from './protocol'
import { Server } from './server'

declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer }

function readerOf(file: Blob): ReadSlice {
  return (offset, length) => {
    try {
      return new Uint8Array(new FileReaderSync().readAsArrayBuffer(file.slice(offset, offset + length)))
    } catch {
      return null // moved, changed or forbidden since it was chosen
    }
  }
}

const server = new Server({ post: (message, transfer) => self.postMessage(message, { transfer }), readerOf })
self.onmessage = (message: MessageEvent<ToWorker>) => void server.receive(message.data)

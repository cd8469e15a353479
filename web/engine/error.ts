import { type ErrorCode, errorCodes } from './generated/names'

/** What went wrong, as data: `web/page` says it in Vietnamese. A cancelled request rejects with code 'cancelled'. */
export class EngineError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint = '',
    readonly details: Record<string, string> = {},
  ) {
    super(message)
    this.name = 'EngineError'
  }
}

/** A file of the site's own that cannot be had. */
export function unreachable(address: string, reason: string): EngineError {
  const message = `${address} could not be fetched: ${reason}.`
  return new EngineError('io_error', message, 'Check the connection and load the page again.', { path: address })
}

/** An error as it crosses between threads: structured clones lose their class. */
export interface ErrorData {
  code: ErrorCode
  message: string
  hint: string
  details: Record<string, string>
}

export function toErrorData(error: unknown): ErrorData {
  if (error instanceof EngineError) {
    return { code: error.code, message: error.message, hint: error.hint, details: error.details }
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return { code: 'internal', message, hint: '', details: {} }
}

export function toEngineError(data: ErrorData): EngineError {
  const code = errorCodes.includes(data.code) ? data.code : 'internal'
  return new EngineError(code, data.message, data.hint, data.details)
}

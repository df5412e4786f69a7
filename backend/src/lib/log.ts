import { pino } from 'pino'

/** Facts of an event. Never prompts, keys, tokens, query strings or the contents of files. */
export type LogFields = Readonly<Record<string, unknown>>

/** An event name like `runners.started` and its fields; `warn` and `error` mean that someone should act. */
export interface Log {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

const STDERR = 2
/** Lines that could not be written are tried again with the next; what is more than this is dropped. */
const MAX_UNWRITTEN_CHARS = 1_048_576

/** Makes the process's log on stderr: JSON lines, or lines for people when that is a terminal. */
export async function createLog(level: LogLevel): Promise<Log> {
  const logger = pino({ level, base: {}, messageKey: 'event', errorKey: 'error' }, await openOutput())
  return {
    debug: (event, fields) => logger.debug(fields ?? {}, event),
    info: (event, fields) => logger.info(fields ?? {}, event),
    warn: (event, fields) => logger.warn(fields ?? {}, event),
    error: (event, fields) => logger.error(fields ?? {}, event),
  }
}

async function openOutput() {
  // Synchronous, so that the last lines before an end are there.
  if (!process.stderr.isTTY) {
    const output = pino.destination({ dest: STDERR, sync: true, maxLength: MAX_UNWRITTEN_CHARS })
    // There is nowhere to say it. Without a listener a full disk would end the server.
    output.on('error', () => {})
    return output
  }
  const { PinoPretty } = await import('pino-pretty')
  return PinoPretty({ destination: STDERR, sync: true, messageKey: 'event', errorLikeObjectKeys: ['error'] })
}

/** A log that says nothing, for tests. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }

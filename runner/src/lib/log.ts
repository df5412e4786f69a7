import { pino } from 'pino'

/** Facts of an event. Never prompts, keys or the contents of files. */
export type LogFields = Readonly<Record<string, unknown>>

/** An event name like `terminals.opened` and its fields; `warn` and `error` mean that someone should act. */
export interface Log {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

/** Lines that could not be written are tried again with the next; what is more than this is dropped. */
const MAX_UNWRITTEN_CHARS = 1_048_576

/** Makes the process's log: JSON lines on stderr. */
export function createLog(level: 'debug' | 'info' | 'warn' | 'error', base: LogFields): Log {
  const output = pino.destination({ dest: 2, sync: true, maxLength: MAX_UNWRITTEN_CHARS })
  // There is nowhere to say it. Without a listener a full disk would end the process, and with it every agent.
  output.on('error', () => {})
  const logger = pino({ level, base, messageKey: 'event', errorKey: 'error' }, output)
  return {
    debug: (event, fields) => logger.debug(fields ?? {}, event),
    info: (event, fields) => logger.info(fields ?? {}, event),
    warn: (event, fields) => logger.warn(fields ?? {}, event),
    error: (event, fields) => logger.error(fields ?? {}, event),
  }
}

/** A log that says nothing, for tests. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }

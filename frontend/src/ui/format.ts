/**
 * Numbers as a person reads them. Everything here is pure: the present is an argument, and so is the locale where it
 * matters.
 */

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `850 ms`, `4.2 s`, `38 s`, `3 min`, `1 h 12 min`, `2 d 3 h`. Negative and non-finite input reads as `0 ms`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms <= 0) return '0 ms'
  if (ms < SECOND) return `${Math.max(1, Math.round(ms))} ms`.replace('1000 ms', '1 s')
  if (ms < 9_950) return `${trimZero((ms / SECOND).toFixed(1))} s`
  if (ms < 59_500) return `${Math.round(ms / SECOND)} s`
  if (ms < HOUR - MINUTE / 2) return `${Math.max(1, Math.round(ms / MINUTE))} min`
  if (ms < DAY - MINUTE / 2) return twoUnits(Math.round(ms / MINUTE), 60, ['h', 'min'])
  return twoUnits(Math.round(ms / HOUR), 24, ['d', 'h'])
}

/** `37`, `1.2k`, `12.4k`, `340k`, `1.8M`. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return '0'
  const size = Math.abs(count)
  if (size < 1_000) return String(Math.round(count))
  if (size < 99_950) return `${trimZero((count / 1_000).toFixed(1))}k`
  if (size < 999_500) return `${Math.round(count / 1_000)}k`
  if (size < 999_500_000) return `${trimZero((count / 1_000_000).toFixed(1))}M`
  return `${trimZero((count / 1_000_000_000).toFixed(1))}B`
}

/** `1 token`, `12.4k tokens`. */
export function formatTokens(count: number): string {
  return formatPlural(count, 'token')
}

/** `1 file`, `3 files`, `12.4k files`; give the plural where adding an s is wrong. */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** `$0.18`, `$12.40`, `$1,204`, and `<$0.01` for what was not free but rounds to nothing. */
export function formatCost(usd: number): string {
  if (!Number.isFinite(usd) || usd <= 0) return '$0.00'
  if (usd < 0.005) return '<$0.01'
  if (usd < 1_000) return `$${usd.toFixed(2)}`
  return `$${Math.round(usd).toLocaleString('en-US')}`
}

const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const

/** `812 B`, `4.2 KB`, `38 MB`: powers of 1024, as file managers of developers show them. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes <= 0) return '0 B'
  let value = bytes
  let unit = 0
  // 999.5 rather than 1024, so that rounding never shows a four digit number.
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1_024
    unit += 1
  }
  const digits = unit === 0 || value >= 9.95 ? 0 : 1
  return `${trimZero(value.toFixed(digits))} ${BYTE_UNITS[unit] ?? 'PB'}`
}

/** `now`, `4 min ago`, `3 h ago`, `yesterday`, `5 d ago`, then the date; `in 4 min` for the future. */
export function formatRelative(at: number, now: number, locale?: string): string {
  const age = now - at
  const size = Math.abs(age)
  const place = (text: string): string => (age < 0 ? `in ${text}` : `${text} ago`)
  if (size < 45 * SECOND) return 'now'
  if (size < HOUR - MINUTE / 2) return place(`${Math.max(1, Math.round(size / MINUTE))} min`)
  if (size < 22 * HOUR) return place(`${Math.max(1, Math.round(size / HOUR))} h`)
  const days = calendarDays(at, now)
  if (days === 1) return 'yesterday'
  if (days === -1) return 'tomorrow'
  if (Math.abs(days) < 7) return place(`${Math.max(1, Math.abs(days))} d`)
  return formatDate(at, now, locale)
}

/** `3 Nov`, with the year when it is not this one. */
function formatDate(at: number, now: number, locale?: string): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' as const }),
  }).format(at)
}

/** The full date and time with seconds and zone, for a tooltip. */
export function formatExactTime(at: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' }).format(at)
}

/** How many midnights lie between two moments, in local time. */
function calendarDays(at: number, now: number): number {
  const midnight = (moment: number): number => new Date(moment).setHours(0, 0, 0, 0)
  return Math.round((midnight(now) - midnight(at)) / DAY)
}

function twoUnits(total: number, base: number, [big, small]: readonly [string, string]): string {
  const rest = total % base
  const whole = `${Math.floor(total / base)} ${big}`
  return rest === 0 ? whole : `${whole} ${rest} ${small}`
}

function trimZero(text: string): string {
  return text.endsWith('.0') ? text.slice(0, -2) : text
}

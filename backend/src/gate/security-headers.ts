/** The page runs scripts of its own files alone, talks to its own server alone, and stands in nobody's frame. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  // Monaco and xterm set styles on elements they make.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  // Files of the user, which come with a policy of their own.
  "frame-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** What a user's file or an agent's output can do when a browser shows it: nothing. */
const DATA_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
/** Browsers refuse to show a PDF in a sandbox; it runs nothing in our origin. */
const PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"

const COMMON = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=(), payment=(), midi=()',
} as const

export type SecurityHeaders = Readonly<Record<string, string>>

/**
 * For scripts, styles and fonts of a page: its own policy governs them, and they come twenty at a time. Workers are no such
 * files; they obey the policy they come with.
 */
export const assetHeaders: SecurityHeaders = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
}

/** For the pages of the interface, and its workers. */
export const pageHeaders: SecurityHeaders = { ...COMMON, 'content-security-policy': PAGE_POLICY }

/** For answers of the API, and everything that comes from a runner. */
export const dataHeaders: SecurityHeaders = { ...COMMON, 'content-security-policy': DATA_POLICY }

/** For a PDF that comes from a runner. */
export const pdfHeaders: SecurityHeaders = { ...COMMON, 'content-security-policy': PDF_POLICY }

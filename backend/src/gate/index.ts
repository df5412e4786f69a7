/**
 * The gate: stands before every request and every upgrade.
 *
 * Promises: nothing behind it sees a request with a foreign Host or Origin; a cookie counts only where the browser vouches
 * that a page of ours asks; strangers' connections are bounded. Never decides who somebody is or what they may do.
 */
export { type AllowedAddresses, allowedAddresses, bracketed } from './addresses.ts'
export { clearedCookies, type Cookies, loginCookies } from './cookies.ts'
export { admit, asking, type Claim } from './gate.ts'
export { PendingConnections } from './pending-connections.ts'
export { assetHeaders, dataHeaders, pageHeaders, pdfHeaders, type SecurityHeaders } from './security-headers.ts'

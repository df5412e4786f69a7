/**
 * Accounts: users, the places where they are logged in, tokens for scripts, and the audit of all that.
 *
 * Promises: secrets and passwords are kept as hashes alone; of racing claims of the first admin exactly one succeeds;
 * what ends a login closes everything it opened, within two seconds even when another process ended it. Never tells by
 * an answer or its time whether a user exists.
 */
export { Accounts, type LoggedIn } from './accounts.ts'
export { audit } from './audit.ts'
export type { Credential, Identity, Peer } from './identity.ts'
export { openKeys } from './keys.ts'
export { hashPassword } from './passwords.ts'
export { accountRoutes } from './routes.ts'
export { renewSetupSecret } from './setup.ts'
export { createToken, listTokens, revokeToken } from './tokens.ts'
export { firstAdmin, insertUser } from './users.ts'

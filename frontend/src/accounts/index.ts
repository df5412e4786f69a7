/**
 * Who is using octo. Owns the pages before the workbench and the account's own settings. Never holds a password or
 * token longer than its form is open: the login lives in cookies no script can read.
 */
export { LoginForm, LoginPage } from './login-page.tsx'
export { logOut, needsSetup } from './requests.ts'
export { SetupPage, takeSetupSecret } from './setup-page.tsx'
export { UserProvider, useUser } from './user.tsx'

import type { User } from '@octo/protocol'
import { fetchApi } from '../mux/index.ts'

/** Makes the first account, an admin, and logs it in. @throws OctoError what the server answered */
export function setUp(input: { secret: string; username: string; password: string }): Promise<User> {
  return post('/api/accounts/setup', input)
}

/** Logs in; the login is kept in cookies. @throws OctoError `invalid_credentials`, `rate_limited`, … */
export function logIn(input: { username: string; password: string }): Promise<User> {
  return post('/api/accounts/login', input)
}

/** Ends this login and begins the page anew, so that nothing of the user stays in it. */
export async function logOut(): Promise<void> {
  await fetchApi('/api/accounts/logout', { method: 'POST' })
  location.assign('/')
}

/** Whether this server still waits for its first account. @throws OctoError if it cannot be reached */
export async function needsSetup(): Promise<boolean> {
  const answer = await fetchApi('/api/health')
  const { setup } = (await answer.json()) as { setup: boolean }
  return setup
}

async function post(path: string, body: unknown): Promise<User> {
  const answer = await fetchApi(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await answer.json()) as User
}

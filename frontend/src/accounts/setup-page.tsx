import type { ReactElement } from 'react'
import { useState } from 'react'
import { focusOnMount } from '../lib/focus.ts'
import { Button, TextField } from '../ui/index.ts'
import { EntryPage, FormError } from './entry-page.tsx'
import { setUp } from './requests.ts'
import { useSubmit } from './use-submit.ts'

/** The password rule of the server, told before it refuses. */
export const MIN_PASSWORD_CHARS = 10
/** The user name rule, as an HTML pattern. */
const USERNAME_PATTERN = '[a-z][a-z0-9_\\-]{1,30}'

interface SetupPageProps {
  /** The secret that the address carried; empty if it must be typed. */
  readonly linked: string
  readonly onDone: () => void
}

/** Makes the first account, with the one-time secret that the first start printed. */
export function SetupPage({ linked, onDone }: SetupPageProps): ReactElement {
  const [secret, setSecret] = useState(linked)
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const { busy, error, onSubmit } = useSubmit(async () => {
    await setUp({ secret: secret.trim(), username, password })
    onDone()
  })
  return (
    <EntryPage title="Set up octo">
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        <p className="text-sm text-pretty text-muted">
          Make the first account. It is an admin, and everything octo keeps belongs to it.
        </p>
        {linked === '' ? (
          <TextField
            label="Set-up secret"
            hint="It stands in the address that octo printed when it started."
            autoComplete="off"
            spellCheck={false}
            required
            value={secret}
            onChange={(event) => setSecret(event.target.value)}
          />
        ) : null}
        <TextField
          label="User name"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          hint="2 to 31 of a-z, 0-9, “_” and “-”, beginning with a letter."
          pattern={USERNAME_PATTERN}
          ref={focusOnMount}
          required
          value={username}
          onChange={(event) => setUsername(event.target.value)}
        />
        <TextField
          label="Password"
          name="new-password"
          type="password"
          autoComplete="new-password"
          hint={`At least ${MIN_PASSWORD_CHARS} characters.`}
          minLength={MIN_PASSWORD_CHARS}
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <FormError text={error} />
        <Button type="submit" variant="primary" size="large" busy={busy}>
          Create account
        </Button>
        <p className="text-sm text-muted">
          Is octo set up already?{' '}
          <a href="/login" className="text-accent-text underline-offset-4 hover:underline">
            Log in
          </a>
        </p>
      </form>
    </EntryPage>
  )
}

/** Takes the secret out of the fragment, so that it stays neither in the address bar nor in the history. */
export function takeSetupSecret(): string {
  const secret = new URLSearchParams(location.hash.slice(1)).get('setup') ?? ''
  if (secret !== '') history.replaceState(null, '', location.pathname)
  return secret
}

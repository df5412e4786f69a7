import type { ReactElement } from 'react'
import { useState } from 'react'
import { focusOnMount } from '../lib/focus.ts'
import { Button, TextField } from '../ui/index.ts'
import { EntryPage, FormError } from './entry-page.tsx'
import { logIn } from './requests.ts'
import { useSubmit } from './use-submit.ts'

interface LoginProps {
  /** Said above the form, e.g. that the login has ended. */
  readonly reason?: string | undefined
  readonly onLoggedIn: () => void
}

/** The login, as a page. */
export function LoginPage(props: LoginProps): ReactElement {
  return (
    <EntryPage title="Log in to octo">
      <LoginForm {...props} />
    </EntryPage>
  )
}

export function LoginForm({ reason, onLoggedIn }: LoginProps): ReactElement {
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const { busy, error, onSubmit } = useSubmit(async () => {
    await logIn({ username, password })
    onLoggedIn()
  })
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      {reason === undefined ? null : <p className="text-sm text-pretty text-muted">{reason}</p>}
      <TextField
        label="User name"
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        ref={focusOnMount}
        required
        value={username}
        onChange={(event) => setUsername(event.target.value)}
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <FormError text={error} />
      <Button type="submit" variant="primary" size="large" busy={busy}>
        Log in
      </Button>
    </form>
  )
}

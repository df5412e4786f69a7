import type { Login } from '@octo/protocol'
import { LogOut } from 'lucide-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { SettingsRows, SettingsSection } from '../lib/settings-section.tsx'
import { createResource, perMux, toOctoError, useMux, useResource } from '../mux/index.ts'
import { Badge, Button, ConfirmDialog, ErrorState, RelativeTime, Skeleton, TextField, toast } from '../ui/index.ts'
import { FormError } from './entry-page.tsx'
import { logOut } from './requests.ts'
import { MIN_PASSWORD_CHARS } from './setup-page.tsx'
import { useSubmit } from './use-submit.ts'
import { describeBrowser } from './user-agent.ts'
import { useUser } from './user.tsx'

const loginList = perMux((mux) => createResource(mux, async () => (await mux.query('accounts.logins', {})).logins))

/** The account of this user: who it is, where it is logged in, its password. */
export function AccountSettings(): ReactElement {
  const user = useUser()
  return (
    <>
      <SettingsSection title="Account">
        <SettingsRows>
          <div className="flex items-center gap-3 px-4 py-3">
            <div className="min-w-0 flex-1">
              <p className="truncate text-sm font-medium">{user.name}</p>
              <p className="text-xs text-faint">{user.role}</p>
            </div>
            <Button icon={<LogOut size={14} />} onClick={leave}>
              Log out
            </Button>
          </div>
        </SettingsRows>
      </SettingsSection>
      <Logins />
      <ChangePassword />
    </>
  )
}

function leave(): void {
  logOut().catch((error: unknown) => toast({ tone: 'failed', text: toOctoError(error).message }))
}

function Logins(): ReactElement {
  const mux = useMux()
  const resource = loginList(mux)
  const { value, error } = useResource(resource)
  const [asking, setAsking] = useState(false)
  return (
    <SettingsSection
      title="Where you are logged in"
      action={
        <Button size="small" onClick={() => setAsking(true)}>
          Log out everywhere
        </Button>
      }
    >
      {value === null ? (
        error === null ? (
          <Skeleton lines={3} />
        ) : (
          <ErrorState title="Logins could not be listed" onRetry={() => resource.reload()}>
            {error.message}
          </ErrorState>
        )
      ) : (
        <SettingsRows>
          {value.map((login) => (
            <LoginRow key={login.id} login={login} />
          ))}
        </SettingsRows>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Log out everywhere?"
        confirmLabel="Log out everywhere"
        danger
        onConfirm={async () => {
          await mux.command('accounts.logoutEverywhere', {})
          location.assign('/')
        }}
      >
        Every browser is logged out within seconds, this one too. Agents and terminals go on.
      </ConfirmDialog>
    </SettingsSection>
  )
}

function LoginRow({ login }: { readonly login: Login }): ReactElement {
  return (
    <div className="flex items-center gap-3 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm" title={login.userAgent}>
          {describeBrowser(login.userAgent)}
        </p>
        <p className="text-xs text-faint">
          {login.address} · last seen <RelativeTime at={login.lastSeenAt} />
        </p>
      </div>
      {login.current ? <Badge tone="accent">this browser</Badge> : null}
    </div>
  )
}

function ChangePassword(): ReactElement {
  const mux = useMux()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const { busy, error, onSubmit } = useSubmit(async () => {
    await mux.command('accounts.changePassword', { current, next })
    setCurrent('')
    setNext('')
    loginList(mux).reload()
    toast({ tone: 'ok', text: 'The password was changed. All other logins have ended.' })
  })
  return (
    <SettingsSection title="Password" about="Changing it ends all other logins.">
      <form onSubmit={onSubmit} className="flex max-w-sm flex-col gap-3">
        <input type="text" name="username" autoComplete="username" hidden readOnly />
        <TextField
          label="Current password"
          type="password"
          autoComplete="current-password"
          required
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
        />
        <TextField
          label="New password"
          type="password"
          autoComplete="new-password"
          hint={`At least ${MIN_PASSWORD_CHARS} characters.`}
          minLength={MIN_PASSWORD_CHARS}
          required
          value={next}
          onChange={(event) => setNext(event.target.value)}
        />
        <FormError text={error} />
        <Button type="submit" className="self-start" busy={busy}>
          Change password
        </Button>
      </form>
    </SettingsSection>
  )
}

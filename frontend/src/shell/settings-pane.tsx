import { Bot, KeyRound, Palette, UserRound } from 'lucide-react'
import type { ReactElement } from 'react'
import { AccountSettings } from '../accounts/account-settings.tsx'
import { AgentSettings } from '../agents/agent-settings.tsx'
import { ModelSettings } from '../models/model-settings.tsx'
import { cx } from '../ui/index.ts'
import { AppearanceSettings } from './appearance-settings.tsx'
import { openTab } from './navigation.ts'
import type { SettingsPage } from './tabs.ts'
import { SETTINGS_PAGES } from './tabs.ts'

const PAGES: Record<SettingsPage, { readonly label: string; readonly icon: ReactElement }> = {
  appearance: { label: 'Appearance', icon: <Palette size={15} /> },
  models: { label: 'Models', icon: <KeyRound size={15} /> },
  agents: { label: 'Agents', icon: <Bot size={15} /> },
  account: { label: 'Account', icon: <UserRound size={15} /> },
}

/** All settings, a page each. */
export function SettingsPane({ page }: { readonly page: SettingsPage }): ReactElement {
  return (
    <div className="flex h-full min-h-0 flex-1 bg-surface max-md:flex-col">
      <nav
        aria-label="Settings"
        className="flex w-48 shrink-0 flex-col gap-0.5 border-r border-line p-3 max-md:w-full max-md:flex-row max-md:overflow-x-auto max-md:border-r-0 max-md:border-b max-md:p-2"
      >
        {SETTINGS_PAGES.map((known) => (
          <button
            key={known}
            type="button"
            aria-current={known === page ? 'page' : undefined}
            onClick={() => openTab({ kind: 'settings', page: known })}
            className={cx(
              'flex h-row shrink-0 items-center gap-2 rounded-md px-2 text-sm',
              known === page ? 'bg-selected text-text' : 'text-muted hover:bg-hover hover:text-text',
            )}
          >
            {PAGES[known].icon}
            {PAGES[known].label}
          </button>
        ))}
      </nav>
      <div className="min-h-0 min-w-0 flex-1 overflow-y-auto">
        <h1 className="sr-only">Settings</h1>
        <div className="mx-auto w-full max-w-2xl px-6 py-6 max-sm:px-4">
          <Page page={page} />
        </div>
      </div>
    </div>
  )
}

function Page({ page }: { readonly page: SettingsPage }): ReactElement {
  switch (page) {
    case 'appearance':
      return <AppearanceSettings />
    case 'models':
      return <ModelSettings />
    case 'agents':
      return <AgentSettings />
    case 'account':
      return <AccountSettings />
  }
}

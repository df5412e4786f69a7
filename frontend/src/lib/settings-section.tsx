import type { ReactElement, ReactNode } from 'react'

interface SettingsSectionProps {
  readonly title: string
  readonly about?: ReactNode
  readonly children: ReactNode
  /** Stands right of the title. */
  readonly action?: ReactNode
}

/** A part of a settings page. */
export function SettingsSection({ title, about, children, action }: SettingsSectionProps): ReactElement {
  return (
    <section className="mb-8">
      <div className="mb-2 flex items-end justify-between gap-3">
        <div className="min-w-0">
          <h2 className="text-base font-semibold">{title}</h2>
          {about === undefined ? null : <p className="mt-0.5 text-sm text-pretty text-muted">{about}</p>}
        </div>
        {action}
      </div>
      {children}
    </section>
  )
}

/** A bordered list of rows within a section. */
export function SettingsRows({ children }: { readonly children: ReactNode }): ReactElement {
  return <div className="divide-y divide-line rounded-lg border border-line">{children}</div>
}

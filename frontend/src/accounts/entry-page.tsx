import type { ReactElement, ReactNode } from 'react'

interface EntryPageProps {
  readonly title: string
  readonly children: ReactNode
}

/** The frame of the pages before the workbench: the mark, one question, its form. */
export function EntryPage({ title, children }: EntryPageProps): ReactElement {
  return (
    <main className="flex h-full flex-col items-center overflow-y-auto px-6 pt-[16dvh] pb-12">
      <div className="w-full max-w-80">
        <img src="/icon.svg" alt="" className="mb-6 size-10" />
        <h1 className="mb-5 text-xl font-semibold text-balance">{title}</h1>
        {children}
      </div>
    </main>
  )
}

/** What went wrong, over the button that tries again. */
export function FormError({ text }: { readonly text: string | null }): ReactElement | null {
  if (text === null) return null
  return (
    <p role="alert" className="rounded-md bg-failed-soft px-3 py-2 text-sm text-pretty text-failed">
      {text}
    </p>
  )
}

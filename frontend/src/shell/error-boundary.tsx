import { Component } from 'react'
import type { ReactNode } from 'react'
import { ErrorState } from '../ui/index.ts'

interface ErrorBoundaryProps {
  /** What this part of the page is, for the message: "This session". */
  readonly name: string
  readonly children: ReactNode
}

/** Keeps a bug in one pane from taking the others with it. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null }

  static getDerivedStateFromError(error: unknown): { readonly error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === null) return this.props.children
    if (isChunkMissing(error)) {
      return (
        <ErrorState title="octo was updated" onRetry={() => location.reload()} retryLabel="Reload">
          This page is of an earlier version. Reload it to go on; what you typed is kept.
        </ErrorState>
      )
    }
    return (
      <ErrorState
        title={`${this.props.name} cannot be shown`}
        detail={error.message}
        onRetry={() => this.setState({ error: null })}
      >
        This is a bug of octo. The rest of the page goes on.
      </ErrorState>
    )
  }
}

/** A lazily loaded part is gone after an update of the server, or the network failed while it was fetched. */
function isChunkMissing(error: Error): boolean {
  return error instanceof TypeError && /module|import/i.test(error.message)
}

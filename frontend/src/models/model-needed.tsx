import { KeyRound, Play } from 'lucide-react'
import type { ReactElement } from 'react'
import { useCommand } from '../mux/index.ts'
import { openTab } from '../shell/navigation.ts'
import { Button } from '../ui/index.ts'

/** Stands in the place of the composer while no model is set up: says so, and offers both ways on. */
export function ModelNeeded(): ReactElement {
  const { busy, run } = useCommand('models.save')
  return (
    <section
      aria-label="No model is set up"
      className="rounded-xl border border-line-strong bg-surface px-4 py-3 shadow-small"
    >
      <h3 className="text-sm font-medium">No model is set up yet</h3>
      <p className="mt-1 text-sm text-pretty text-muted">
        Agents need a model to answer. Add a provider with your own key, or look around with the demo model: it is built
        in, follows a script, and only shows how octo works.
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button
          variant="primary"
          icon={<KeyRound size={14} />}
          onClick={() => openTab({ kind: 'settings', page: 'models' })}
        >
          Add a provider
        </Button>
        <Button icon={<Play size={14} />} busy={busy} onClick={() => run({ provider: 'demo', kind: 'demo' })}>
          Use the demo model
        </Button>
      </div>
    </section>
  )
}

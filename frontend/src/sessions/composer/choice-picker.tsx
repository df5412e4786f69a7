import { ChevronDown } from 'lucide-react'
import type { ReactElement } from 'react'
import { Button, Menu } from '../../ui/index.ts'

interface ChoicePickerProps {
  /** What is chosen: "Effort", "Mode". */
  readonly label: string
  readonly value: string | null
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly onChange: (value: string) => void
}

/** A small choice of the composer, such as effort or mode. */
export function ChoicePicker({ label, value, options, onChange }: ChoicePickerProps): ReactElement {
  const shown = options.find((option) => option.value === value)?.label ?? label
  return (
    <Menu
      side="top"
      trigger={
        <Button variant="quiet" className="min-w-0 px-1.5! font-normal!" aria-label={`${label}: ${shown}`}>
          <span className="truncate">{shown}</span>
          <ChevronDown size={14} aria-hidden className="text-faint" />
        </Button>
      }
      entries={[{ kind: 'choice', label, value: value ?? '', options, onChange }]}
    />
  )
}

/** "xhigh" as a word: agents name their levels in lower case. */
export function titleCase(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

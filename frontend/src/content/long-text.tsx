import { useState } from 'react'
import type { ReactElement } from 'react'

import { Button, formatCount } from '../ui/index.ts'

/** A screenful; a browser lays out far more of it in one frame. */
const FIRST_CHARACTERS = 4_000
/** What one press adds: laying out more wrapped text at once is felt. */
const MORE_CHARACTERS = 64_000

/** Text that is too long or too odd to format, shown as it is and in parts. */
export function LongText({ text }: { readonly text: string }): ReactElement {
  const [limit, setLimit] = useState(FIRST_CHARACTERS)
  const rest = text.length - limit
  return (
    <div className="md-plain">
      {rest > 0 ? text.slice(0, limit) : text}
      {rest > 0 ? (
        <div className="mt-1">
          <Button size="small" onClick={() => setLimit(limit + MORE_CHARACTERS)}>
            {`Show more (${formatCount(rest)} characters)`}
          </Button>
        </div>
      ) : null}
    </div>
  )
}

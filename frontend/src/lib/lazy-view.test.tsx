// @vitest-environment happy-dom
import { act } from 'react'
import type { ReactElement } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { expect, test, vi } from 'vitest'
import { lazyView } from './lazy-view.tsx'

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)

interface Named {
  readonly name: string
}

function Greeting({ name }: Named): ReactElement {
  return <p>Hello {name}</p>
}

async function draw(View: (props: Named) => ReactElement): Promise<HTMLElement> {
  const root = document.createElement('div')
  await act(async () => {
    createRoot(root).render(<View name="Ada" />)
    await Promise.resolve()
  })
  return root
}

test('a view is fetched once, when it is first shown', async () => {
  let loads = 0
  const load = (): Promise<typeof Greeting> => {
    loads += 1
    return Promise.resolve(Greeting)
  }
  const View = lazyView(load)
  expect(loads).toBe(0)
  const [first, second] = [await draw(View), await draw(View)]
  expect([first.textContent, second.textContent]).toEqual(['Hello Ada', 'Hello Ada'])
  expect(loads).toBe(1)
})

test('a view fetched beforehand is there with the first drawing', async () => {
  const View = lazyView(() => Promise.resolve(Greeting))
  View.preload()
  await Promise.resolve()
  const root = document.createElement('div')
  flushSync(() => createRoot(root).render(<View name="Ada" />))
  expect(root.textContent).toBe('Hello Ada')
})

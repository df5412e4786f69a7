import type { Result } from '@octo/protocol'
import { ChevronRight, CornerLeftUp, Folder, FolderGit2, FolderPlus, House, Search } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import type { KeyboardEvent, ReactElement } from 'react'
import { toOctoError, useMux } from '../mux/index.ts'
import { Badge, Button, Checkbox, cx, EmptyState, ErrorState, IconButton, Skeleton, TextField } from '../ui/index.ts'

type Listing = Result<'workspaces.browse'>

interface FolderBrowserProps {
  /** The folder that is open, once it is known. */
  readonly onPath: (path: string) => void
  /** Makes a folder in the open one; null while that is not wanted. */
  readonly newFolder: string | null
  readonly onNewFolder: (name: string | null) => void
}

interface Asked {
  readonly path: string | null
  readonly hidden: boolean
}

/** The folders of the machine, to choose one. */
export function FolderBrowser({ onPath, newFolder, onNewFolder }: FolderBrowserProps): ReactElement {
  const [asked, setAsked] = useState<Asked>({ path: null, hidden: false })
  const [filter, setFilter] = useState('')
  const { listing, error } = useListing(asked, onPath)
  const go = (path: string | null): void => {
    setFilter('')
    onNewFolder(null)
    setAsked({ ...asked, path })
  }
  if (error !== null && listing === null) {
    return (
      <ErrorState title="The folder could not be read" onRetry={() => setAsked({ ...asked })}>
        {error}
      </ErrorState>
    )
  }
  if (listing === null) return <Skeleton lines={7} label="Reading the folder" className="h-80 p-4" />
  return (
    <div className="flex min-h-0 flex-col gap-2">
      <Breadcrumbs listing={listing} onGo={go} />
      {error === null ? null : (
        <p role="alert" className="text-sm text-failed">
          {error}
        </p>
      )}
      <div className="flex items-center gap-2">
        <TextField
          label="Filter folders, or type a path"
          hideLabel
          placeholder="Filter, or type a path"
          spellCheck={false}
          icon={<Search size={14} />}
          value={filter}
          className="flex-1"
          onChange={(event) => setFilter(event.target.value)}
          onKeyDown={(event) => {
            const path = event.key === 'Enter' ? pathMeant(filter.trim(), listing) : null
            if (path !== null) go(path)
          }}
        />
        <Button icon={<FolderPlus size={14} />} onClick={() => onNewFolder(newFolder === null ? '' : null)}>
          New folder
        </Button>
      </div>
      {newFolder === null ? null : (
        <TextField
          label="Name of the new folder"
          value={newFolder}
          hint={`Is made in ${listing.path}`}
          onChange={(event) => onNewFolder(event.target.value.replaceAll('/', ''))}
        />
      )}
      <FolderList listing={listing} filter={filter} onGo={go} />
      <Checkbox
        label="Show hidden folders"
        checked={asked.hidden}
        onCheckedChange={(hidden) => setAsked({ path: listing.path, hidden })}
      />
    </div>
  )
}

/** Where Enter in the filter leads: a path that was typed, or the only folder that matches. */
export function pathMeant(typed: string, listing: Pick<Listing, 'path' | 'home' | 'folders'>): string | null {
  if (typed.startsWith('/')) return typed
  if (typed === '~' || typed.startsWith('~/')) return listing.home + typed.slice(1)
  const matches = typed === '' ? [] : foldersMatching(listing.folders, typed)
  const [only] = matches
  return matches.length === 1 && only !== undefined ? childPath(listing.path, only.name) : null
}

function foldersMatching(folders: Listing['folders'], filter: string): Listing['folders'] {
  const wanted = filter.trim().toLowerCase()
  // A path that is being typed filters nothing.
  return /^[/~]/.test(wanted) ? folders : folders.filter(({ name }) => name.toLowerCase().includes(wanted))
}

function childPath(parent: string, name: string): string {
  return `${parent === '/' ? '' : parent}/${name}`
}

function useListing(asked: Asked, onPath: (path: string) => void): { listing: Listing | null; error: string | null } {
  const mux = useMux()
  const [state, setState] = useState<{ listing: Listing | null; error: string | null }>({ listing: null, error: null })
  useEffect(() => {
    const stop = new AbortController()
    const read = async (): Promise<void> => {
      try {
        const params = { hidden: asked.hidden, ...(asked.path === null ? {} : { path: asked.path }) }
        const listing = await mux.query('workspaces.browse', params, { signal: stop.signal })
        setState({ listing, error: null })
        onPath(listing.path)
      } catch (failure) {
        const error = toOctoError(failure)
        if (error.code !== 'cancelled') setState((before) => ({ ...before, error: error.message }))
      }
    }
    void read()
    return () => stop.abort()
  }, [mux, asked, onPath])
  return state
}

interface GoProps {
  readonly listing: Listing
  readonly onGo: (path: string | null) => void
}

function Breadcrumbs({ listing, onGo }: GoProps): ReactElement {
  const crumbs = crumbsOf(listing.path, listing.home)
  return (
    <nav aria-label="Path" className="flex min-w-0 items-center gap-0.5 overflow-x-auto text-sm [scrollbar-width:none]">
      <IconButton size="small" label="Home folder" icon={<House size={14} />} onClick={() => onGo(null)} />
      {crumbs.map(({ name, path }, at) => (
        <span key={path} className="flex shrink-0 items-center gap-0.5">
          <ChevronRight size={12} aria-hidden className="text-faint" />
          <button
            type="button"
            aria-current={at === crumbs.length - 1 ? 'location' : undefined}
            onClick={() => onGo(path)}
            className={cx('rounded-sm px-1 hover:bg-hover', at === crumbs.length - 1 ? 'font-medium' : 'text-muted')}
          >
            {name}
          </button>
        </span>
      ))}
    </nav>
  )
}

/** The folders above a path; below the home folder they begin there. */
export function crumbsOf(path: string, home: string): readonly { readonly name: string; readonly path: string }[] {
  const inHome = path === home || path.startsWith(`${home}/`)
  const base = inHome ? home : ''
  const names = path.slice(base.length).split('/').filter(Boolean)
  const below = names.map((name, at) => ({ name, path: `${base}/${names.slice(0, at + 1).join('/')}` }))
  if (inHome) return [{ name: '~', path: home }, ...below]
  return [{ name: '/', path: '/' }, ...below]
}

function FolderList({ listing, filter, onGo }: GoProps & { readonly filter: string }): ReactElement {
  const folders = useMemo(() => foldersMatching(listing.folders, filter), [listing, filter])
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrow keys move between the buttons
    <ul
      aria-label={`Folders in ${listing.path}`}
      className="h-64 overflow-y-auto rounded-md border border-line p-1"
      onKeyDown={moveBetweenFolders}
    >
      {listing.parent === null ? null : (
        <FolderRow icon={<CornerLeftUp size={14} />} name=".." onPress={() => onGo(listing.parent)} />
      )}
      {folders.map(({ name, git }) => (
        <FolderRow
          key={name}
          icon={git ? <FolderGit2 size={14} /> : <Folder size={14} />}
          name={name}
          git={git}
          onPress={() => onGo(childPath(listing.path, name))}
        />
      ))}
      {folders.length === 0 ? (
        <li>
          <EmptyState title={filter === '' ? 'No folders in here' : 'No folder matches'}>
            {filter === '' ? 'This folder itself can be the workspace.' : null}
          </EmptyState>
        </li>
      ) : null}
      {listing.truncated ? (
        <li className="px-2 py-1 text-xs text-faint">There are more folders than can be shown.</li>
      ) : null}
    </ul>
  )
}

interface FolderRowProps {
  readonly icon: ReactElement
  readonly name: string
  readonly git?: boolean
  readonly onPress: () => void
}

function FolderRow({ icon, name, git = false, onPress }: FolderRowProps): ReactElement {
  return (
    <li>
      <button
        type="button"
        data-folder
        onClick={onPress}
        className="flex h-row w-full items-center gap-2 rounded-md px-2 text-left text-sm hover:bg-hover"
      >
        <span aria-hidden className="text-faint">
          {icon}
        </span>
        <span className="min-w-0 flex-1 truncate">{name}</span>
        {git ? <Badge>git</Badge> : null}
      </button>
    </li>
  )
}

function moveBetweenFolders(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-folder]')]
  const at = rows.findIndex((row) => row === document.activeElement)
  event.preventDefault()
  rows[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus()
}

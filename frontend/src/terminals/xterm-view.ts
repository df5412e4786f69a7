import { FitAddon } from '@xterm/addon-fit'
import type { SearchAddon } from '@xterm/addon-search'
import { Unicode11Addon } from '@xterm/addon-unicode11'
import { WebLinksAddon } from '@xterm/addon-web-links'
import { Terminal } from '@xterm/xterm'
import { MAX_TERMINAL_COLS, MAX_TERMINAL_ROWS, MIN_TERMINAL_SIZE } from '@octo/protocol/client'
import { safeHref } from '../content/index.ts'
import type { Settings } from '../lib/settings.ts'
import { isApple, onThemeChange, readToken } from '../ui/index.ts'
import type { Size, Surface } from './attachment.ts'
import { pathLinkProvider } from './path-link-provider.ts'
import type { PathInText } from './path-links.ts'
import { hearClipboardWrites, hearWorkingFolder, silenceReplies } from './quiet-parser.ts'
import { terminalTheme } from './terminal-theme.ts'
import { scrollByTouch } from './touch-scroll.ts'

/** As many as the runner keeps by default. */
const SCROLLBACK_LINES = 5_000

/** WCAG AA, for whatever colours a program chooses on a background it does not know. */
const MINIMUM_CONTRAST = 4.5

export interface XtermViewEvents {
  /** A person typed, or used the mouse in a program that listens to it. */
  readonly onInput: (text: string) => void
  readonly onBinaryInput: (bytes: string) => void
  /** There is room for this many cells. */
  readonly onRoom: (size: Size) => void
  /** A program wants to put something on the clipboard. */
  readonly onClipboard: (text: string) => void
  readonly onOpenPath: (path: PathInText, cwd: string | null) => void
  readonly onSelect: (text: string) => void
  readonly onCopy: (text: string) => void
  readonly onFind: () => void
}

/** xterm.js, set up as octo wants it, with its addons; knows nothing of where its bytes come from. */
export class XtermView implements Surface {
  readonly terminal: Terminal
  readonly #events: XtermViewEvents
  readonly #fit = new FitAddon()
  readonly #ends: (() => void)[] = []
  #cwd: string | null = null
  #fitFrame = 0
  #disposed = false

  constructor(settings: Settings, events: XtermViewEvents) {
    this.#events = events
    this.terminal = new Terminal({
      ...settingsOptions(settings),
      allowProposedApi: true,
      scrollback: SCROLLBACK_LINES,
      fontFamily: readToken('--font-mono'),
      theme: terminalTheme(),
      minimumContrastRatio: MINIMUM_CONTRAST,
      macOptionClickForcesSelection: true,
      rightClickSelectsWord: false,
      linkHandler: { activate: (event, uri) => openAddress(event, uri), allowNonHttpProtocols: false },
    })
    this.#listen()
    this.#loadAddons()
  }

  /** Shows it in an element, which it fills and whose size it follows. */
  open(host: HTMLElement): void {
    this.terminal.open(host)
    void this.#useWebgl()
    const observer = new ResizeObserver(() => this.#fitSoon())
    observer.observe(host)
    this.#ends.push(
      () => observer.disconnect(),
      scrollByTouch(host, this.terminal),
      onThemeChange(() => {
        this.terminal.options.theme = terminalTheme()
      }),
    )
    this.#fitNow()
  }

  change(settings: Settings): void {
    Object.assign(this.terminal.options, settingsOptions(settings))
    this.#fitSoon()
  }

  draw(bytes: Uint8Array, onDrawn: () => void): void {
    if (!this.#disposed) this.terminal.write(bytes, onDrawn)
  }

  restore(bytes: Uint8Array, size: Size, onDrawn: () => void): void {
    if (this.#disposed) return
    this.resize(size)
    this.terminal.write('\u001Bc')
    this.terminal.write(bytes, onDrawn)
  }

  resize(size: Size): void {
    if (this.#disposed) return
    if (size.cols !== this.terminal.cols || size.rows !== this.terminal.rows) {
      this.terminal.resize(size.cols, size.rows)
    }
  }

  /** What finds text; it is fetched when somebody searches for the first time. */
  async loadSearch(): Promise<SearchAddon> {
    const { SearchAddon: Search } = await import('@xterm/addon-search')
    const search = new Search()
    this.terminal.loadAddon(search)
    return search
  }

  dispose(): void {
    this.#disposed = true
    cancelAnimationFrame(this.#fitFrame)
    for (const end of this.#ends) end()
    this.terminal.dispose()
  }

  #listen(): void {
    const { terminal } = this
    const events = this.#events
    const { isFromPerson } = silenceReplies(terminal)
    terminal.onData((data) => {
      if (isFromPerson(data)) events.onInput(data)
    })
    terminal.onBinary((bytes) => events.onBinaryInput(bytes))
    terminal.onSelectionChange(() => events.onSelect(terminal.getSelection()))
    terminal.attachCustomKeyEventHandler((event) => this.#onKey(event))
    hearClipboardWrites(terminal, (text) => events.onClipboard(text))
    hearWorkingFolder(terminal, (path) => {
      this.#cwd = path
    })
    terminal.registerLinkProvider(
      pathLinkProvider(terminal, (event, path) => {
        if (isLinkClick(event)) events.onOpenPath(path, this.#cwd)
      }),
    )
  }

  #loadAddons(): void {
    this.terminal.loadAddon(new Unicode11Addon())
    this.terminal.unicode.activeVersion = '11'
    this.terminal.loadAddon(this.#fit)
    this.terminal.loadAddon(new WebLinksAddon(openAddress))
  }

  /** Drawing by the graphics card is several times faster; where there is none, or it is lost, xterm draws with the DOM. */
  async #useWebgl(): Promise<void> {
    const { WebglAddon } = await import('@xterm/addon-webgl')
    if (this.#disposed) return
    try {
      const webgl = new WebglAddon()
      webgl.onContextLoss(() => {
        webgl.dispose()
        this.#fitSoon()
      })
      this.terminal.loadAddon(webgl)
      // Its cells are a little smaller: it draws whole pixels.
      this.#fitSoon()
    } catch (error) {
      if (!(error instanceof Error)) throw error
    }
  }

  /** @returns whether xterm should look at the key */
  #onKey(event: KeyboardEvent): boolean {
    // Somebody before us has acted on it.
    if (event.defaultPrevented) return false
    if (event.type !== 'keydown') return true
    const apple = isApple()
    const mod = apple ? event.metaKey && !event.ctrlKey : event.ctrlKey && event.shiftKey
    if (!mod || event.altKey) return true
    if (event.code === 'KeyF') {
      event.preventDefault()
      this.#events.onFind()
      return false
    }
    if (event.code === 'KeyC' && !apple && this.terminal.hasSelection()) {
      event.preventDefault()
      this.#events.onCopy(this.terminal.getSelection())
      return false
    }
    // The browser pastes by itself.
    return event.code !== 'KeyV'
  }

  #fitSoon(): void {
    cancelAnimationFrame(this.#fitFrame)
    this.#fitFrame = requestAnimationFrame(() => this.#fitNow())
  }

  #fitNow(): void {
    const room = this.#disposed ? undefined : this.#fit.proposeDimensions()
    // Nothing is known while it is hidden.
    if (room === undefined || !Number.isFinite(room.cols) || !Number.isFinite(room.rows)) return
    this.#events.onRoom({
      cols: Math.min(MAX_TERMINAL_COLS, Math.max(MIN_TERMINAL_SIZE, room.cols)),
      rows: Math.min(MAX_TERMINAL_ROWS, Math.max(MIN_TERMINAL_SIZE, room.rows)),
    })
  }
}

function settingsOptions(settings: Settings): Partial<Terminal['options']> {
  return {
    fontSize: settings.terminalSize,
    cursorStyle: settings.terminalCursor,
    cursorBlink: settings.terminalBlink,
    screenReaderMode: settings.screenReader,
  }
}

/** With a mouse, links want Ctrl or Cmd, because a click in a terminal means something else; a finger just taps. */
function isLinkClick(event: MouseEvent): boolean {
  const touch = event instanceof PointerEvent ? event.pointerType === 'touch' : matchMedia('(pointer: coarse)').matches
  return touch || (isApple() ? event.metaKey : event.ctrlKey)
}

function openAddress(event: MouseEvent, address: string): void {
  const href = safeHref(address)
  if (href !== null && isLinkClick(event)) window.open(href, '_blank', 'noopener,noreferrer')
}

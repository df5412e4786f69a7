/**
 * The parts every view is made of. Owns how things look and behave (tokens, focus, sizes, motion, names for screen
 * readers). Knows no room, holds no data of the product, and talks to nobody.
 */
export { Badge, LineCounts } from './badge.tsx'
export type { Tone } from './badge.tsx'
export { Button, IconButton } from './button.tsx'
export type { ButtonProps, ButtonVariant, IconButtonProps } from './button.tsx'
export { CopyButton, copyText } from './copy-button.tsx'
export { cx } from './cx.ts'
export { ConfirmDialog, Dialog } from './dialog.tsx'
export {
  formatBytes,
  formatCost,
  formatCount,
  formatDuration,
  formatExactTime,
  formatPlural,
  formatTokens,
} from './format.ts'
export { useDelayed, useIsPhone, useMedia } from './hooks.ts'
export { Kbd } from './kbd.tsx'
export { ContextMenu, Menu } from './menu.tsx'
export type { MenuEntry } from './menu.tsx'
export { PanelGroup, ResizeHandle, ResizePanel } from './panels.tsx'
export { Popover } from './popover.tsx'
export { ProgressBar } from './progress-bar.tsx'
export { RelativeTime, useNow } from './relative-time.tsx'
export { Select } from './select.tsx'
export type { SelectOption } from './select.tsx'
export { isApple, shortcutKeys } from './shortcut.ts'
export { Skeleton } from './skeleton.tsx'
export { Spinner } from './spinner.tsx'
export { StateDot } from './state-dot.tsx'
export type { DotState } from './state-dot.tsx'
export { Banner, EmptyState, ErrorState } from './states.tsx'
export { TabPanel, Tabs } from './tabs.tsx'
export type { TabItem } from './tabs.tsx'
export { Textarea, TextField } from './text-field.tsx'
export type { TextareaProps, TextFieldProps } from './text-field.tsx'
export {
  currentTheme,
  followTheme,
  onThemeChange,
  readToken,
  setThemeChoice,
  themeChoice,
  useThemeChoice,
} from './theme.ts'
export type { Theme, ThemeChoice } from './theme.ts'
export { dismissToast, toast } from './toast-store.ts'
export type { ToastInput } from './toast-store.ts'
export { Toaster } from './toaster.tsx'
export { Checkbox, Segmented, Switch } from './toggles.tsx'
export { Tooltip, TooltipProvider } from './tooltip.tsx'
export { TranscriptList } from './transcript-list.tsx'
export type { ListPosition, TranscriptListHandle } from './transcript-list.tsx'

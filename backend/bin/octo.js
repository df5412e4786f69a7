#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8'

// Keeps the young generation from growing with the burst of a start, so that less memory is held at rest.
setFlagsFromString('--semi-space-growth-factor=1')
await import('../dist/cli/octo.js')

#!/usr/bin/env node
import '../dist/cli/octo.js'

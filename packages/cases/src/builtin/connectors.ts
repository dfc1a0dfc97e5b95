import { alertConnector } from './alert.ts';
import type { BuiltinConnector } from './builtin.ts';
import { caseConnector } from './case.ts';
import { observableConnector } from './observable.ts';
import { tableConnector } from './table.ts';
import { utilConnector } from './util.ts';

/** Every built-in connector. */
export const builtinConnectors: readonly BuiltinConnector[] = [
  caseConnector,
  alertConnector,
  observableConnector,
  tableConnector,
  utilConnector,
];

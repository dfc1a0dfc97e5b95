import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { addAudit } from './commands/audit.ts';
import { addBacktest } from './commands/backtest.ts';
import { addBackup, addThaw } from './commands/backup.ts';
import { addCases } from './commands/cases.ts';
import { addConfig } from './commands/config.ts';
import { addConnectors } from './commands/connectors.ts';
import { addDemo } from './commands/demo.ts';
import { addDiff } from './commands/diff.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDraft } from './commands/draft.ts';
import { addDryRun } from './commands/dry-run.ts';
import { addDxl } from './commands/dxl.ts';
import { addEdge } from './commands/edge.ts';
import { addEffects } from './commands/effects.ts';
import { addFabric } from './commands/fabric.ts';
import { addGuard } from './commands/guard.ts';
import { addInbox } from './commands/inbox.ts';
import { addIngest } from './commands/ingest.ts';
import { addLogin } from './commands/login.ts';
import { addParticipants } from './commands/participants.ts';
import { addPassword } from './commands/password.ts';
import { addPlaybooks } from './commands/playbooks.ts';
import { addPublish } from './commands/publish.ts';
import { addReactions } from './commands/reactions.ts';
import { addRetract } from './commands/retract.ts';
import { addRollback, addVersions } from './commands/rollback.ts';
import { addRun, addRuns } from './commands/runs.ts';
import { addServices } from './commands/services.ts';
import { addSetup } from './commands/setup.ts';
import { addStart } from './commands/start.ts';
import { addStatus } from './commands/status.ts';
import { addTables } from './commands/tables.ts';
import { addTest } from './commands/test.ts';
import { addTrace } from './commands/trace.ts';
import { addValidate } from './commands/validate.ts';

type Add = (program: Command) => void;

/** Every verb, under the heading that the help shows it by. */
const VERBS: Readonly<Record<string, readonly Add[]>> = {
  'Begin:': [addStart, addSetup, addLogin, addPassword, addDemo, addStatus],
  'See what happened and what is in force, decide, take back:': [
    addInbox,
    addCases,
    addRuns,
    addTrace,
    addEffects,
    addRetract,
    addGuard,
  ],
  'Alerts and products:': [addIngest, addConnectors],
  'Playbooks, and what is written beside them:': [
    addValidate,
    addTest,
    addDryRun,
    addBacktest,
    addDiff,
    addDraft,
    addPublish,
    addPlaybooks,
    addVersions,
    addRollback,
    addRun,
    addTables,
  ],
  'The fabric:': [addReactions, addParticipants, addServices, addFabric, addDxl, addEdge],
  'Look after it:': [addDoctor, addConfig, addAudit, addBackup, addThaw],
};

/** The whole command line, without running anything. */
export function createProgram(): Command {
  const program = new Command('counterpoint')
    .description('security orchestration and choreography: one event model, one guarded door, one trace')
    .version(manifest.version, '--version', 'print the version')
    .option('--json', 'print JSON for programs')
    .option('--url <url>', 'address of the server (COUNTERPOINT_URL), default http://127.0.0.1:7300')
    .showHelpAfterError('(counterpoint --help shows every verb)')
    .addHelpText('after', '\nExit codes: 0 ok, 1 findings or failure, 2 usage, 3 no server answers.');
  for (const [heading, verbs] of Object.entries(VERBS)) {
    program.commandsGroup(heading);
    for (const add of verbs) add(program);
  }
  // It stands under the last heading then, and not under one of its own.
  return program.helpCommand(true);
}

import {
  IconArrowBackUp,
  IconArrowFork,
  IconBolt,
  IconBroadcast,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconGitBranch,
  IconLayersLinked,
  IconLifebuoy,
  IconMessageQuestion,
  IconQuestionMark,
  IconRefresh,
  IconRepeat,
  IconSubtask,
  IconUserCheck,
  IconVariable,
  type TablerIcon,
} from '@tabler/icons-react';

/** How a kind of step is told apart at a glance: by its sign, its colour and the shape that both stand on. */
export interface KindLook {
  /** In the words of people. */
  readonly word: string;
  readonly icon: TablerIcon;
  readonly tone: 'blue' | 'violet' | 'teal' | 'orange' | 'yellow' | 'cyan' | 'gray' | 'red' | 'green' | 'grape';
  readonly shape: 'square' | 'diamond' | 'circle' | 'hexagon';
}

const looks: Readonly<Record<string, KindLook>> = {
  action: { word: 'Action', icon: IconBolt, tone: 'blue', shape: 'square' },
  call: { word: 'Playbook', icon: IconSubtask, tone: 'blue', shape: 'square' },
  if: { word: 'If', icon: IconGitBranch, tone: 'violet', shape: 'diamond' },
  switch: { word: 'Switch', icon: IconArrowFork, tone: 'violet', shape: 'diamond' },
  foreach: { word: 'For each', icon: IconRepeat, tone: 'teal', shape: 'hexagon' },
  while: { word: 'While', icon: IconRefresh, tone: 'teal', shape: 'hexagon' },
  until: { word: 'Until', icon: IconRefresh, tone: 'teal', shape: 'hexagon' },
  parallel: { word: 'At the same time', icon: IconLayersLinked, tone: 'teal', shape: 'hexagon' },
  approval: { word: 'Approval', icon: IconUserCheck, tone: 'orange', shape: 'circle' },
  ask: { word: 'Question', icon: IconMessageQuestion, tone: 'orange', shape: 'circle' },
  wait: { word: 'Wait', icon: IconClock, tone: 'yellow', shape: 'circle' },
  publish: { word: 'Publish', icon: IconBroadcast, tone: 'cyan', shape: 'square' },
  set: { word: 'Set values', icon: IconVariable, tone: 'gray', shape: 'square' },
  undo: { word: 'Undo', icon: IconArrowBackUp, tone: 'grape', shape: 'square' },
  try: { word: 'Try', icon: IconLifebuoy, tone: 'grape', shape: 'hexagon' },
  fail: { word: 'Fail', icon: IconCircleX, tone: 'red', shape: 'circle' },
  succeed: { word: 'Succeed', icon: IconCircleCheck, tone: 'green', shape: 'circle' },
};

const unknown: KindLook = { word: 'Step without a verb', icon: IconQuestionMark, tone: 'gray', shape: 'square' };

/** The look of a kind of step; a step whose verb is missing or unknown has one too. */
export function lookOf(kind: string): KindLook {
  return looks[kind] ?? unknown;
}

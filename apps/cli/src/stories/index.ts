import { bruteForceStories } from './brute-force.ts';
import type { Story } from './story.ts';

/** Every story that `counterpoint demo` can play. */
export const stories: readonly Story[] = [...bruteForceStories];

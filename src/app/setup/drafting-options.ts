import type { Level } from '../../core/plan/plan.ts';

export type DraftingOptions = {
  readonly level: Level;
  readonly folder: string;
  /** Values given outside the wizard, by key; only what is typed wins over them. */
  readonly presetAnswers: Readonly<Record<string, string>>;
  /** The operator's own HomeIQ source tree, an absolute path. */
  readonly source: string | undefined;
  readonly memoryBudgetMiB: number | undefined;
};

/** What a plan does to one service, from what is observed to what is wanted. */

export type ServiceChange =
  /** It belongs to the mode that is left, or was left out. */
  | { readonly kind: 'stop'; readonly name: string; readonly reason: string }
  | { readonly kind: 'keep'; readonly name: string }
  /** The reasons name what changed: keys of its environment, its image, or another setting of its container. */
  | { readonly kind: 'recreate'; readonly name: string; readonly reasons: readonly string[] }
  | { readonly kind: 'start'; readonly name: string };

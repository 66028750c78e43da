import type { ImageProgress } from "../images/progress.ts";
import type { TerraformEvent } from "../terraform/event.ts";

/** Something that happens while a command runs. The CLI decides how to show it; nothing depends on anybody listening. */
export type Progress =
  | { readonly kind: "step"; readonly text: string }
  | { readonly kind: "image"; readonly image: string; readonly progress: ImageProgress }
  | { readonly kind: "terraform"; readonly event: TerraformEvent }
  | { readonly kind: "sandbox"; readonly sandbox: string; readonly text: string; readonly done: boolean };

export type OnProgress = (progress: Progress) => void;

import type { ImageRecord } from "../provisioning.ts";
import { failure } from "./failure.ts";
import { put, type MemoryImage, type MemoryState, type Operation } from "./memory-state.ts";
import { imagePath } from "./records.ts";

const record = ({ digest, path, sizeBytes }: MemoryImage): ImageRecord => ({ digest, path, sizeBytes });

export function placeImage(digest: string, sizeBytes: number): Operation<ImageRecord> {
  return (state) => {
    const found = findWhole(state, digest);
    if (found) return { state, result: record(found) };
    const image: MemoryImage = { digest, path: imagePath(digest), sizeBytes };
    const write = (entry: MemoryImage): MemoryState => ({
      ...state,
      images: put(state.images, entry, (candidate) => candidate.digest === digest),
    });
    return { half: write({ ...image, unfinished: true }), state: write(image), result: record(image) };
  };
}

export function findImage(state: MemoryState, digest: string): ImageRecord | undefined {
  const found = findWhole(state, digest);
  return found && record(found);
}

export function removeImage(digest: string): Operation<void> {
  return (state) => {
    const user = state.disks.find((disk) => disk.image === digest);
    if (user) {
      throw failure(
        "IMAGE_IN_USE",
        `disk ${JSON.stringify(user.name)} starts from image ${digest}`,
        "Remove the disks that start from it first.",
      );
    }
    const rest = state.images.filter((image) => image.digest !== digest);
    return { state: rest.length === state.images.length ? state : { ...state, images: rest }, result: undefined };
  };
}

function findWhole(state: MemoryState, digest: string): MemoryImage | undefined {
  return state.images.find((image) => image.digest === digest && !image.unfinished);
}

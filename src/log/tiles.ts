/** C2SP tlog-tiles, by one door: where a tile lies, how a tree grows into tiles, and what can be proved from them. */
export { Frontier, type FrontierMark, type FrontierSource, type FullTile } from './frontier.ts'
export { consistencyProof, inclusionProof, Prover, type ReadTile, rootAt } from './proofs.ts'
export {
  hashesAt,
  parseTileLevel,
  parseTilePath,
  partialTiles,
  TILE_BYTES,
  TILE_WIDTH,
  type Tile,
  tilePath,
  tileWidth,
} from './tile-geometry.ts'

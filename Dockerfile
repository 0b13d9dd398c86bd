# docker build -t mynah . && docker run --rm -v "$PWD:/work:ro" mynah detect --data /work/logs
FROM rust:1.95-alpine AS build
# zstd and the cryptography of lakes are in C.
RUN apk add --no-cache build-base cmake perl
WORKDIR /src
COPY . .
RUN cargo build --release --locked --features full && mkdir /empty

# A static program needs nothing else but a place for what it unpacks.
FROM scratch
COPY --from=build /src/target/release/mynah /mynah
COPY --from=build --chmod=1777 /empty /tmp
COPY LICENSE /LICENSE
USER 65534:65534
WORKDIR /work
ENTRYPOINT ["/mynah"]

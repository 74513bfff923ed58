# The program alone, without a system around it:
#
#	docker build -t hoinq .
#	docker run -p 8080:8080 -v hoinq:/data -e HOINQ_OFFICE="…" hoinq
#
# Documents are taken in beside the running container:
#
#	docker run --rm -v hoinq:/data -v "$PWD":/in hoinq ingest /in/nghi-quyet.md
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/hoinq ./cmd/hoinq && mkdir /out/data

FROM scratch
# For the vendors' and a model's HTTPS.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/hoinq /hoinq
# A fresh volume takes its owner from here.
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENV HOINQ_DATA=/data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/hoinq"]
CMD ["serve"]

# busybox and its applets, nothing else.
FROM scratch
COPY bin /bin
WORKDIR /tmp
CMD ["/bin/sh"]

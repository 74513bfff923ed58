package main
import ("context";"fmt";"os";"strings";"encoding/json";"bufio";"github.com/hoinq/hoinq/corpus";"github.com/hoinq/hoinq/corpus/ingest";"github.com/hoinq/hoinq/retrieval")
func main(){ ctx:=context.Background(); var es []*corpus.Edition
 i:=1
 for ;i<len(os.Args)&&os.Args[i]!="--";i++{ e,err:=ingest.File(ctx,os.Args[i]); if err!=nil{panic(err)}; es=append(es,e)}
 lib:=corpus.NewLibrary(es...); ix,_:=retrieval.NewIndex(ctx,lib,retrieval.Options{})
 if os.Args[i+1]=="-t" { f,_:=os.Open(os.Args[i+2]); sc:=bufio.NewScanner(f); for sc.Scan(){ var q struct{ID,Kind,Q,Prev string; Gold []string}; json.Unmarshal(sc.Bytes(),&q); r,_:=ix.Search(ctx,retrieval.Query{Text:q.Q,Previous:q.Prev}); rank:=0; for n,h:=range r.Hits{ e,k,_:=lib.Passage(h.Passage); for _,g:=range q.Gold{ if strings.Contains(e.Words(e.Extent(k)),g)&&rank==0{rank=n+1}}}
  c:=retrieval.Components{}; s:=0.0; s2:=0.0; if len(r.Hits)>0{c=r.Hits[0].Components;s=r.Hits[0].Score}; if len(r.Hits)>1{s2=r.Hits[1].Score}
  fmt.Printf("%s %-10s gold=%v rank=%d ans=%v %s cov=%.2f own=%.2f cos=%.2f score=%.2f next=%.2f unk=%v miss=%v types=%v | %s\n",q.ID,q.Kind,len(q.Gold)>0,rank,r.Decision.Answer,r.Decision.Reason,c.Coverage,c.Own,c.Cosine,s,s2,r.Understood.Unknown,r.Decision.Missing,r.Understood.Types,q.Q)}; return}
 for _,q:=range os.Args[i+1:]{ r,_:=ix.Search(ctx,retrieval.Query{Text:q}); fmt.Printf("\n## %s\n%+v\n%+v\n",q,r.Understood,r.Decision)
 for _,h:=range r.Hits{ e,k,_:=lib.Passage(h.Passage); w:=[]rune(e.Words(e.Passages[k].Span)); if len(w)>70{w=w[:70]}; p:=strings.SplitN(string(h.Passage),"/",3); fmt.Printf("%.3f lex %.1f cos %.2f cov %.2f own %.2f off %.0f %s/%s %s\n",h.Score,h.Components.Lexical,h.Components.Cosine,h.Components.Coverage,h.Components.Own,h.Components.Offers,p[0][:6],p[2],string(w))}}
}
